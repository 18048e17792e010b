"""What is done with the record as a whole: seal it, check it, rebuild cases from it, hand it out."""
