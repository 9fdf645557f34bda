"""Words and pictures of the library for every slice's templates."""
