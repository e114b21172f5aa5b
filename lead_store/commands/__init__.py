"""What the longer commands of the command line do; `__main__` reads their options and prints."""
