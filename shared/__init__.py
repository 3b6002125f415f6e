"""What two processes would disagree about if it were written twice, and nothing else."""
