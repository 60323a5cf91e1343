"""What programs written for micrograd ask for, from stepgrad: for the playground, where they run unchanged."""
