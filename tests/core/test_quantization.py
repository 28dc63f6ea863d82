import pytest

from desktop.core.gguf_header import GgufTensor
from desktop.core.quantization import quantization_name, tensor_bytes


def tensor(type_id: int, *shape: int) -> GgufTensor:
    return GgufTensor("t", shape, type_id, 0)


@pytest.mark.parametrize(
    ("file_type", "name"),
    [(0, "F32"), (3, "Q4_1"), (15, "Q4_K_M"), (38, "MXFP4"), (1039, "Q4_K_M")],
)
def test_the_file_type_has_the_name_people_know(file_type: int, name: str):
    assert quantization_name(file_type, ()) == name


@pytest.mark.parametrize("file_type", [None, 33, 9999])
def test_without_a_known_file_type_most_weights_decide(file_type: int | None):
    tensors = (tensor(0, 64), tensor(12, 256, 64), tensor(14, 256, 8))
    assert quantization_name(file_type, tensors) == "Q4_K"


def test_a_file_without_tensors_has_no_known_quantization():
    assert quantization_name(None, ()) == "unknown"


@pytest.mark.parametrize(
    ("type_id", "size_bytes"), [(0, 4 * 512), (1, 2 * 512), (2, 18 * 16), (12, 144 * 2), (99, 0)]
)
def test_the_size_of_a_tensor_is_that_of_its_blocks(type_id: int, size_bytes: int):
    assert tensor_bytes(tensor(type_id, 256, 2)) == size_bytes


def test_a_block_that_is_begun_counts_in_full():
    assert tensor_bytes(tensor(8, 33)) == 68
