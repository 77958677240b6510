namespace Talweg.Trajectories;

/// <summary>Adds up steps from a window's first row to a window of the same size; the sum is kept in double precision.</summary>
internal sealed class SurrogatePath
{
    private readonly IWindow _like;
    private readonly float[] _weights;
    private readonly double[] _position;

    public SurrogatePath(IWindow like)
    {
        _like = like;
        _weights = new float[checked(like.Iterations * like.Dimension)];
        _position = new double[like.Dimension];
        like.Read(0, 0, _weights.AsSpan(0, like.Dimension));
        for (int j = 0; j < _position.Length; j++)
            _position[j] = _weights[j];
    }

    public int StepsDone { get; private set; }

    public int StepsLeft => _like.Iterations - 1 - StepsDone;

    public void Add(ReadOnlySpan<float> step)
    {
        var row = NextRow();
        for (int j = 0; j < row.Length; j++)
            row[j] = (float)(_position[j] += step[j]);
    }

    /// <summary>Adds the step between two rows.</summary>
    public void Add(ReadOnlySpan<float> from, ReadOnlySpan<float> to)
    {
        var row = NextRow();
        for (int j = 0; j < row.Length; j++)
            row[j] = (float)(_position[j] += (double)to[j] - from[j]);
    }

    public Window ToWindow() => new(_weights, _like.Iterations, _like.Dimension);

    private Span<float> NextRow() => _weights.AsSpan(++StepsDone * _like.Dimension, _like.Dimension);
}
