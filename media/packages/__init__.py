"""What a package must be to be taken in. Reads archives; writes nothing and knows no table."""
