"""The graph on the web: ``ctkg serve``."""
