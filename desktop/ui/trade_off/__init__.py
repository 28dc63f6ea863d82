"""The page that explains small and large."""
