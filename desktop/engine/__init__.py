"""llama.cpp: load a model, build a prompt, generate tokens; no Qt and no protocol."""
