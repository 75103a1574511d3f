"""Students' Keras models as tests see them, computed from their layers and weights."""
