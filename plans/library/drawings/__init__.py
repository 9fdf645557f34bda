"""Pictures the library writes on the server: the body map and the instruction drawings."""
