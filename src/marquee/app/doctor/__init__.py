"""The doctor: looks at everything an instance lives on, and changes nothing."""
