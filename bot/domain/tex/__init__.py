"""TeX in and out of Unicode."""
