"""What the content says of code: rules of our own, which block is which resource, how it is mended."""
