"""A made-up clinic that lives through a hundred and twenty days before anyone opens it."""
