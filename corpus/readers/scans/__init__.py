"""Pages as pictures: for people to look at, and for a recogniser to read where a file holds no letters."""
