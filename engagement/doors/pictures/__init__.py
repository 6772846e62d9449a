"""Pictures that visitors send: taken in, decoded where nothing can be reached, kept sealed."""
