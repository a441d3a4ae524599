// The kernels of the encoder go here.
