using Talweg.Data;
using Talweg.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Talweg.Benchmarks.MainJob;

/// <summary>The training loop as TorchSharp's users write it: a Sequential, cross entropy, autograd, SGD, a dispose scope a step.</summary>
internal sealed class TorchTrainingLoop : IDisposable
{
    private readonly Sequential _model;
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _inputs;
    private readonly Tensor _labels;
    private readonly Func<IReadOnlyList<Tensor>, Tensor>? _penalty;

    /// <param name="weights">Where it starts.</param>
    /// <param name="data">What it learns.</param>
    /// <param name="learningRate">α.</param>
    /// <param name="penalty">Of all matrices, added to the loss; null for none.</param>
    public TorchTrainingLoop(DenseWeights weights, LabelledSamples data, double learningRate, Func<IReadOnlyList<Tensor>, Tensor>? penalty = null)
    {
        _penalty = penalty;
        _model = Model(weights);
        _optimizer = optim.SGD(_model.parameters(), learningRate);
        _inputs = tensor(data.Inputs).reshape(data.Count, data.Width);
        _labels = tensor(data.Labels).to(ScalarType.Int64);
    }

    /// <summary>Minibatches cut beforehand.</summary>
    public TorchBatches Prepare(int[] order)
    {
        using var places = tensor(order).to(ScalarType.Int64);
        int count = order.Length / Workplace.BatchSize;
        var batches = new (Tensor Inputs, Tensor Labels)[count];
        for (int i = 0; i < count; i++)
        {
            using var place = places.narrow(0, i * Workplace.BatchSize, Workplace.BatchSize);
            batches[i] = (_inputs.index_select(0, place), _labels.index_select(0, place));
        }

        return new(count, i => batches[i], [.. batches.SelectMany(batch => (Tensor[])[batch.Inputs, batch.Labels])]);
    }

    /// <summary>Minibatches gathered in the loop.</summary>
    public TorchBatches Gather(int[] order)
    {
        var places = tensor(order).to(ScalarType.Int64);
        return new(order.Length / Workplace.BatchSize, Batch, [places]);

        (Tensor, Tensor) Batch(int i)
        {
            var place = places.narrow(0, i * Workplace.BatchSize, Workplace.BatchSize);
            return (_inputs.index_select(0, place), _labels.index_select(0, place));
        }
    }

    /// <summary>One epoch. Losses stay where they are: reading them would cost time.</summary>
    public void Train(TorchBatches batches)
    {
        for (int i = 0; i < batches.Count; i++)
        {
            using var scope = NewDisposeScope();
            Step(batches[i]);
        }
    }

    /// <summary>The losses before each of the first steps.</summary>
    public double[] Losses(TorchBatches batches, int steps)
    {
        var losses = new double[steps];
        for (int i = 0; i < steps; i++)
        {
            using var scope = NewDisposeScope();
            losses[i] = Step(batches[i]).item<float>();
        }

        return losses;
    }

    /// <summary>A layer's matrix as it is, counted from 0.</summary>
    public float[] Weights(int layer) => _model.parameters().ElementAt(layer).detach().data<float>().ToArray();

    public void Dispose()
    {
        _optimizer.Dispose();
        _model.Dispose();
        _inputs.Dispose();
        _labels.Dispose();
    }

    private Tensor Step((Tensor Inputs, Tensor Labels) batch)
    {
        _optimizer.zero_grad();
        var loss = nn.functional.cross_entropy(_model.forward(batch.Inputs), batch.Labels);
        if (_penalty is not null)
            loss = loss + _penalty([.. _model.parameters()]);
        loss.backward();
        _optimizer.step();
        return loss;
    }

    private static Sequential Model(DenseWeights weights)
    {
        var network = weights.Network;
        var modules = new List<nn.Module<Tensor, Tensor>>();
        for (int layer = 0; layer < network.Layers; layer++)
        {
            if (layer > 0)
                modules.Add(nn.ReLU());
            var linear = nn.Linear(network.InputsOf(layer), network.OutputsOf(layer), hasBias: false);
            using (no_grad())
            using (var values = tensor(weights.Matrices[layer]).reshape(network.OutputsOf(layer), network.InputsOf(layer)))
                linear.weight.copy_(values);
            modules.Add(linear);
        }

        return nn.Sequential(modules);
    }
}
