"""Settings by place: local, test and production all start from base."""
