"""A4 papers that leave the office: 督办单, 对账单 and 公示; for each, a module of values and one for its sheet."""
