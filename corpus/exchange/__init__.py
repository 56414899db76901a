"""Reports in the formats that others read: JSON Lines, Akoma Ntoso XML, and TMX for translators."""
