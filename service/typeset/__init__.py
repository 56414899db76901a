"""Reports set as PDF: lines of both scripts, shaped by HarfBuzz, whose letters can be copied out again as they are."""
