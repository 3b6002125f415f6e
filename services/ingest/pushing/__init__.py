"""Copy that is pushed over HTTP: who may, how much, and what is answered."""
