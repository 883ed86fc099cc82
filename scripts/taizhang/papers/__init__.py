"""Papers that leave the office on A4 portrait: 督办单, 对账单 and 公示; each renders values that were computed before."""
