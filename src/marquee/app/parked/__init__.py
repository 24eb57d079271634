"""Messages that a listener could not take, kept until an operator has looked at them."""
