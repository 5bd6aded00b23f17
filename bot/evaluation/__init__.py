"""Measures the engine, as commands use it, on sets with known answers, beside what people would use instead."""
