using Talweg.Studies.Findings;

namespace Talweg.Studies.Tests;

internal static class Samples
{
    public static Finding Finding(string id, params Measurement[] measurements) => new()
    {
        Id = id,
        Claim = "σ² ~ F^−ψ",
        Estimator = "−slope of ln σ² on ln F",
        Published = "about 4",
        Measurements = measurements,
    };
}
