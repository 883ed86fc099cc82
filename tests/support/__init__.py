"""What tests of several rooms share: ledgers, returned files, damaged ones, and how sheets are looked at."""
