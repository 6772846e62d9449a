"""Tests that walk all there is, so that the next page is covered before it is written."""
