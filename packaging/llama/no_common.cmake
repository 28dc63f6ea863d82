# The Python binding does not use llama-common; a plain variable beats the project's forced cache entry.
set(LLAMA_BUILD_COMMON OFF)
