"""Floor 2: recordings of our own, and packages made elsewhere: imported, kept and served apart."""
