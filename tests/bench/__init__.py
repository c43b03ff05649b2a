"""The figures the project is judged by, each beside a peer measured in the same run."""
