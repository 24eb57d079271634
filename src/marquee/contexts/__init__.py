"""One folder for each thing Marquee is about; they meet only by contract and events."""
