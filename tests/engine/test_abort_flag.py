from collections.abc import Callable

import llama_cpp
import pytest

from desktop.engine.abort_flag import AbortFlag
from desktop.engine.model import LoadedModel
from desktop.engine.session import DecodeAbortedError

LoadTiny = Callable[..., LoadedModel]

ABORTED = 2


def test_a_flag_is_set_until_it_is_cleared() -> None:
    flag = AbortFlag()
    assert not flag.is_set
    flag.set()
    flag.set()
    assert flag.is_set
    flag.clear()
    assert not flag.is_set


def test_flags_do_not_know_of_each_other() -> None:
    one, other = AbortFlag(), AbortFlag()
    one.set()
    assert not other.is_set


def test_llama_cpp_itself_stops_when_the_flag_is_set(load_tiny: LoadTiny) -> None:
    model = load_tiny()
    flag = AbortFlag()
    flag.attach(model.context)
    assert decode(model) == 0
    flag.set()
    assert decode(model) == ABORTED
    flag.clear()
    assert decode(model) == 0
    model._abort.attach(model.context)


def test_a_session_decodes_nothing_while_the_flag_is_set(load_tiny: LoadTiny) -> None:
    model = load_tiny()
    model.session.clear()
    model._abort.set()
    with pytest.raises(DecodeAbortedError):
        model.session.append(5)
    model._abort.clear()
    assert model.session.used_tokens == 0
    model.session.append(5)
    assert model.session.used_tokens == 1


def decode(model: LoadedModel) -> int:
    model.session.clear()
    tokens = (llama_cpp.llama_token * 3)(3, 4, 5)
    return int(llama_cpp.llama_decode(model.context, llama_cpp.llama_batch_get_one(tokens, 3)))
