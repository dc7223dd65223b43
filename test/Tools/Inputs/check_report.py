"""Checks the JSON report of norm-run that norm-run.test asks for."""
import json
import sys

with open(sys.argv[1]) as file:
    report = json.load(file)
assert report["function"] == "rms", report
assert [a["name"] for a in report["arguments"]] == ["x", "g"], report
assert report["arguments"][0]["type"] == "tensor<5x4xf32>", report
(result,) = report["results"]
assert result["name"] == "y" and result["passed"] is True, report
assert 0 <= result["max_ratio"] <= 1 and result["loose_elements"] == 0, report
assert report["time_us"] > 0 and report["gb_per_s"] > 0, report
assert report["object_bytes"] > 0 and report["cpu"], report
