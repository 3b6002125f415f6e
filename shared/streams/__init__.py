"""The parts of :mod:`shared.delivery`: each a promise that the stock reading path does not keep. Use that module."""
