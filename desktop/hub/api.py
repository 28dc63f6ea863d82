"""Searching the Hub and listing its repositories; the only importer of huggingface_hub."""
