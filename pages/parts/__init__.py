"""Pieces that several pages share; most have one show()."""
