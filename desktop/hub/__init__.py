"""The Hugging Face Hub: searching it, reading headers over the network, and fetching files."""
