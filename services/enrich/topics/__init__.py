"""IPTC Media Topics: the vocabulary, the words that stand for its concepts, and the linear model of its top level."""
