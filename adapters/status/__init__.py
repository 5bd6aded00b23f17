"""A page that tells what is going on."""
