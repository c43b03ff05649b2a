"""The steps from one form of the tables to the next. Never changed once released; a new change is a new step."""
