// SPDX-License-Identifier: MIT
// The plot of ns3_cwnd: windows over time, callbacks as marks on them, and labels above.
#pragma once

#include <string>
#include <vector>

#include <ns3/gnuplot.h>
#include <ns3/nstime.h>

namespace cwnd {

enum class Kind { rtt, retrans, rto, state };

class Plot {
  public:
	Plot();

	/// From here on it is so many segments.
	void Cwnd(ns3::Time when, double segments);
	void Ssthresh(ns3::Time when, double segments);
	/// A callback, where the window was then.
	void Mark(Kind kind, ns3::Time when, double segments);
	/// What a program did; of one text the first.
	void Label(ns3::Time when, const std::string& text);
	/// When the network was down.
	void Outage(ns3::Time from, ns3::Time to) { m_outage = {from.GetSeconds(), to.GetSeconds()}; }

	/// PREFIX.plt and PREFIX.dat, of the time until `end`; and PREFIX.png, if gnuplot is installed. False:
	/// one could not be written; it says which.
	bool Write(const std::string& prefix, const std::string& title, ns3::Time end);

  private:
	struct Words {
		double when; ///< seconds
		std::string text;
		int row = 0; ///< above the curves, from 1 on
	};

	void SpreadLabels(double seconds);
	std::string Extra(double seconds) const;

	ns3::Gnuplot2dDataset m_cwnd{"cwnd"}, m_ssthresh{"ssthresh"};
	ns3::Gnuplot2dDataset m_marks[4]; ///< by Kind
	double m_lastCwnd = 0, m_lastSsthresh = 0;
	double m_highest = 1; ///< of all windows
	std::vector<Words> m_labels;
	std::pair<double, double> m_outage{};
};

} // namespace cwnd
