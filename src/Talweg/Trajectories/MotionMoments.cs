namespace Talweg.Trajectories;

/// <summary>Sums of positions and per-step velocities over some iterations: enough for σ², Δ_v and τ, and to leave epochs out.</summary>
internal readonly record struct MotionMoments(int Positions, double Position, double PositionSquared, int Steps, double Velocity, double VelocitySquared)
{
    /// <summary>σ², the population variance of the positions.</summary>
    public double Variance => PopulationVariance(Positions, Position, PositionSquared);

    /// <summary>Δ_v, the population variance of the velocities; NaN without any.</summary>
    public double VelocityVariance => PopulationVariance(Steps, Velocity, VelocitySquared);

    /// <summary>τ = σ²/(Δ_v Δt) with Δt = 1.</summary>
    public double CorrelationTime => Variance / VelocityVariance;

    /// <summary>Positions at <paramref name="first"/> … <paramref name="end"/> − 1, relative to an origin, and the steps that end there.</summary>
    public static MotionMoments Of(ReadOnlySpan<double> projection, double origin, int first, int end)
    {
        double position = 0, positionSquared = 0, velocity = 0, velocitySquared = 0;
        for (int t = first; t < end; t++)
        {
            double x = projection[t] - origin;
            position += x;
            positionSquared += x * x;
        }
        int firstStep = Math.Max(first, 1);                    // the step to the window's first row is not known
        for (int t = firstStep; t < end; t++)
        {
            double v = projection[t] - projection[t - 1];
            velocity += v;
            velocitySquared += v * v;
        }
        return new(end - first, position, positionSquared, end - firstStep, velocity, velocitySquared);
    }

    public static MotionMoments operator +(MotionMoments a, MotionMoments b) =>
        new(a.Positions + b.Positions, a.Position + b.Position, a.PositionSquared + b.PositionSquared,
            a.Steps + b.Steps, a.Velocity + b.Velocity, a.VelocitySquared + b.VelocitySquared);

    public static MotionMoments operator -(MotionMoments a, MotionMoments b) =>
        new(a.Positions - b.Positions, a.Position - b.Position, a.PositionSquared - b.PositionSquared,
            a.Steps - b.Steps, a.Velocity - b.Velocity, a.VelocitySquared - b.VelocitySquared);

    private static double PopulationVariance(int count, double sum, double squares) =>
        Math.Max(0, squares / count - sum / count * (sum / count));
}
