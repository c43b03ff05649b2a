"""What is built of this project's own source: the same bytes wherever and by whomever."""
