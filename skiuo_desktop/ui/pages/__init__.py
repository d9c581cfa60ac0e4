"""One page a module; the window stacks them."""
