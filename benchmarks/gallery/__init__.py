"""The gallery's works beside JAX, PyTorch and CasADi, each as its users write it; what is computed once is timed."""
