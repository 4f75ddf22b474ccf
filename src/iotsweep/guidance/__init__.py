"""Plain-language texts as data, one sentence id each."""
