"""Where vectors and words are searched: FAISS, an inverted file on disk, Milvus, postings."""
