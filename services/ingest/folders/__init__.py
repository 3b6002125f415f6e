"""Copy that comes as files: drop folders and Maildirs."""
