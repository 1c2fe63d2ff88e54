"""What `make bench` is made of: data, pages to ask for, meters, and the list of figures."""
